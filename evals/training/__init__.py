"""How the evidence model of `assistant/model` is trained: examples, network, training, export."""
