"""The ProjectX Gateway wire as structs: what is sent and received, and nothing else.

Shared by the client and the practice venue. Names are camelCase on the wire; prices are JSON
numbers, so they are ``float`` here and only here.
"""
