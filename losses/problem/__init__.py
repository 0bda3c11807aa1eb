"""Problems: the mean loss of a model on a dataset, or a test function, as a function of the parameters."""
