"""Problems: the mean loss of a model on data as a function of parameters."""
