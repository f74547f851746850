"""What is done to runs: killed, stopped, without room or network, several at once."""
