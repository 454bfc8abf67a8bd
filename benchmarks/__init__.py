"""What the project claims about speed and size, as commands that anyone can run in its folder:

python -m benchmarks.slider_latency
python -m benchmarks.footprint
python -m benchmarks.layers
"""
