"""Bytes between a client and a server, written as a capture that tshark reads."""
import socket
import struct
import threading

ETHERNET, CLIENT_PORT = 1, 40000


class Relay:
    """Stands before a server and keeps what passes, in order: (from the client?, bytes)."""

    def __init__(self, port):
        self.server, self.pieces = ('127.0.0.1', port), []
        self.listening = socket.create_server(('127.0.0.1', 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listening.accept()
            server = socket.create_connection(self.server)
            for ends in ((client, server, True), (server, client, False)):
                threading.Thread(target=self.pass_on, args=ends, daemon=True).start()

    def pass_on(self, source, sink, from_client):
        while True:
            try:
                piece = source.recv(65536)
                self.pieces += [(from_client, piece)] if piece else []
                sink.sendall(piece)
            except OSError:
                return  # one of them has gone
            if not piece:
                sink.close()
                return


def checksum(data):
    total = sum(struct.unpack(f'>{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def packet(from_client, port, sequence, acknowledged, payload):
    """Ethernet, IPv4 (RFC 791), TCP (RFC 9293) without its checksum."""
    ports = (CLIENT_PORT, port) if from_client else (port, CLIENT_PORT)
    tcp = struct.pack('>HHIIBBHHH', *ports, sequence & 0xffffffff, acknowledged & 0xffffffff,
                      5 << 4, 0x18, 65535, 0, 0) + payload
    addresses = bytes([10, 0, 0, 1, 10, 0, 0, 2] if from_client else [10, 0, 0, 2, 10, 0, 0, 1])
    head = struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0)
    ip = head[:10] + struct.pack('>H', checksum(head + addresses)) + addresses
    return bytes(12) + b'\x08\x00' + ip + tcp


def write(path, pieces, port):
    sent = {True: 1, False: 1}
    with open(path, 'wb') as out:
        out.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 0x40000, ETHERNET))
        for number, (from_client, piece) in enumerate(pieces):
            for at in range(0, len(piece), 32768):
                payload = piece[at:at + 32768]
                whole = packet(from_client, port, sent[from_client], sent[not from_client], payload)
                sent[from_client] += len(payload)
                out.write(struct.pack('<IIII', number // 1000, number % 1000 * 1000, len(whole),
                                      len(whole)) + whole)
