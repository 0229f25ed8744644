"""What asks citizens, some weeks later, whether it is solved."""
