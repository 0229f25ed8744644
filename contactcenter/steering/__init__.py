"""What a centre does when a queue is saturated: approved beforehand, undone by itself, measured."""
