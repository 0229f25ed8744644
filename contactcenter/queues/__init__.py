"""Where people and requests wait: visits, order, load, saturation and figures."""
