"""Models that other libraries load: spaCy's, and sentence embeddings in ONNX."""
