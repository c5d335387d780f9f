"""The Python client of any Apache Thrift tutorial, unchanged by whom it talks to.

    thrift --gen py idl/userservice.thrift
    PYTHONPATH=gen-py python3 tutorial_client.py 9090
"""
import sys

from thrift import Thrift
from thrift.protocol import TBinaryProtocol
from thrift.transport import TSocket, TTransport
from userservice import UserService
from userservice.ttypes import User


def main(port):
    transport = TTransport.TBufferedTransport(TSocket.TSocket('127.0.0.1', port))
    client = UserService.Client(TBinaryProtocol.TBinaryProtocol(transport))
    transport.open()
    client.createUser(User(id=3, name='Guido', email='guido@example.org'))
    print(client.getUser(3))
    client.updateUser(User(id=3, name='Guido van Rossum'))
    print(client.getUser(3))
    client.deleteUser(3)
    try:
        client.getUser(3)
    except Thrift.TApplicationException as failure:
        print('getUser(3):', failure.message)
    transport.close()


if __name__ == '__main__':
    main(int(sys.argv[1]))
