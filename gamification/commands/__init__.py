"""The door for saying something to the programme, a module per kind of person."""
