@sealed
class A { @log method() {} }
