// Placeholder wall
