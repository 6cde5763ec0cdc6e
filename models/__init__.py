"""Tables, one file per aggregate, and the pure rules of the assessment; knows nothing of the web."""
