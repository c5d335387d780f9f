service UserService {}
service Admin extends UserServise {}
