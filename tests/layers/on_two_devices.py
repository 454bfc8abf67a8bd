"""Train every layer on two devices, which are two halves of one processor, and on one."""

import keras
import numpy as np
import tensorflow as tf

from attention_lib.layers import (
    CBAM,
    ChannelAttention,
    EfficientChannelAttention,
    SpatialAttention,
    SqueezeExcite,
)

MAPS = np.random.default_rng(0).normal(size=(16, 6, 6, 8)).astype("float32")
CLASSES = np.arange(16) % 3


def make_model() -> keras.Model:
    # Without batch normalisation, whose statistics would be those of half a batch on each device.
    keras.utils.set_random_seed(0)
    inputs = x = keras.Input((6, 6, 8))
    for layer in (
        SqueezeExcite(4),
        EfficientChannelAttention(),
        ChannelAttention(4),
        SpatialAttention(3, batch_norm=False),
        CBAM(4, 3, batch_norm=False),
    ):
        x = layer(x) + x
    x = keras.layers.Dense(3)(keras.layers.GlobalAveragePooling2D()(x))
    model = keras.Model(inputs, x)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.5), loss)
    return model


def train(model: keras.Model) -> list[np.ndarray]:
    model.fit(MAPS, CLASSES, batch_size=16, epochs=3, shuffle=False, verbose=0)
    return model.get_weights()


if __name__ == "__main__":
    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    assert strategy.num_replicas_in_sync == 2
    before = make_model().get_weights()
    alone = train(make_model())
    with strategy.scope():
        model = make_model()
        normalised = CBAM(4)
        normalised.build((None, 6, 6, 8))
    assert len(model.layers[1].weights[0].value.values) == 2  # mirrored
    for one, both, start in zip(alone, train(model), before, strict=True):
        np.testing.assert_allclose(both, one, rtol=1e-3, atol=1e-5)
        assert not np.allclose(both, start)
    gates = strategy.run(lambda maps: normalised(maps, training=True), (tf.constant(MAPS),))
    assert all(part.shape == MAPS.shape for part in gates.values)
    print("the same on two devices")
