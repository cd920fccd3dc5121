"""An independent trap set for whose paper it is, built apart from the model."""
