"""What a year and a register start from: data of production."""
