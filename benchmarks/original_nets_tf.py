"""The same networks and jobs as `original_nets.py`, in TensorFlow.

`benchmarks/originals.py` starts this in an environment that has TensorFlow and speaks
with it in lines of JSON: {"job": "gan"} is answered by {"seconds": 1.2, "cpu": 2.3}.
Nothing else imports it, and the project does not need TensorFlow.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

N_INSTRUMENTS, GAN_FILTERS, N_NOISE = 4, (64, 128, 256, 512), 512
CNN_FILTERS, N_NORMED = (32, 64, 128, 256, 512), 4


def convolve(x, n, kernel, stride=1, **settings):
    return layers.Conv2D(n, kernel, strides=stride, padding="same", **settings)(x)


def generator():
    """(B, 32, 128, 1) and noise (B, 2, 8, 512) to (B, 32, 128, 4)."""
    melody = keras.Input((32, 128, 1))
    noise = keras.Input((2, 8, N_NOISE))
    kept, x = [], melody
    for i, n in enumerate(GAN_FILTERS):
        x = layers.LeakyReLU(negative_slope=0.2)(convolve(x, n, 4, 2))
        x = layers.BatchNormalization(momentum=0.8)(x) if i else x
        kept.append(x)
    x = layers.Concatenate()([kept.pop(), noise])
    for n in GAN_FILTERS[2::-1]:
        x = convolve(layers.UpSampling2D(2)(x), n, 4)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.8)(x))
        x = layers.Concatenate()([x, kept.pop()])
    x = convolve(layers.UpSampling2D(2)(x), N_INSTRUMENTS, 4, activation="tanh")
    return keras.Model([melody, noise], x)


def critic():
    """(B, 32, 128, 1) and (B, 32, 128, 4) to (B, 1)."""
    melody, rolls = keras.Input((32, 128, 1)), keras.Input((32, 128, N_INSTRUMENTS))
    x = layers.Concatenate()([melody, rolls])
    for n in GAN_FILTERS:
        x = layers.LeakyReLU(negative_slope=0.2)(convolve(x, n, 4, 2))
    return keras.Model([melody, rolls], layers.Dense(1)(layers.Flatten()(x)))


def u_net():
    """(B, 128, 128, 1) to logits of the same shape."""
    kept, x = [], (roll := keras.Input((128, 128, 1)))
    for i, n in enumerate(CNN_FILTERS):
        x = convolve(convolve(x, n, 3, activation="relu"), n, 3, activation="relu")
        kept.append(x)
        x = layers.MaxPooling2D(2)(x)
        x = layers.BatchNormalization()(x) if i < N_NORMED else x
    n = 2 * CNN_FILTERS[-1]
    x = convolve(convolve(x, n, 3, activation="relu"), n, 3, activation="relu")
    for i, n in enumerate(reversed(CNN_FILTERS)):
        x = layers.Concatenate()([layers.UpSampling2D(2)(x), kept.pop()])
        x = layers.BatchNormalization()(x) if i < N_NORMED else x
        x = convolve(convolve(x, n, 3, activation="relu"), n, 3, activation="relu")
    return keras.Model(roll, convolve(x, 1, 1))


class Gan:
    """Five critic steps with gradient penalty and one generator step."""

    def __init__(self, n_batch, n_critic):
        self.generator, self.critic = generator(), critic()
        self.adams = [keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.9) for _ in "gc"]
        self.n_batch, self.n_critic = n_batch, n_critic
        self.melody = tf.sign(tf.random.normal((n_batch, 32, 128, 1)))
        self.rolls = tf.sign(tf.random.normal((n_batch, 32, 128, N_INSTRUMENTS)))

    def noise(self):
        """Return what the generator begins with at its narrowest."""
        return tf.random.normal((self.n_batch, 2, 8, N_NOISE))

    @tf.function
    def critic_step(self):
        """Real against made, with the slope on the way between them held at 1."""
        fake = self.generator([self.melody, self.noise()], training=True)
        share = tf.random.uniform((self.n_batch, 1, 1, 1))
        mixed = share * self.rolls + (1 - share) * fake
        with tf.GradientTape() as tape:
            with tf.GradientTape() as inner:
                inner.watch(mixed)
                score = self.critic([self.melody, mixed], training=True)
            slopes = tf.reshape(inner.gradient(score, mixed), (self.n_batch, -1))
            penalty = tf.reduce_mean((tf.norm(slopes + 1e-12, axis=1) - 1) ** 2)
            real = self.critic([self.melody, self.rolls], training=True)
            made = self.critic([self.melody, fake], training=True)
            loss = tf.reduce_mean(made) - tf.reduce_mean(real) + 10 * penalty
        weights = self.critic.trainable_variables
        # the penalty has no slope by the last bias; its part of the loss is 0 as well
        found = tape.gradient(loss, weights)
        self.adams[1].apply_gradients(zip(found, weights, strict=True))

    @tf.function
    def generator_step(self):
        """Once for the generator."""
        with tf.GradientTape() as tape:
            fake = self.generator([self.melody, self.noise()], training=True)
            loss = -tf.reduce_mean(self.critic([self.melody, fake], training=True))
        weights = self.generator.trainable_variables
        found = tape.gradient(loss, weights)
        self.adams[0].apply_gradients(zip(found, weights, strict=True))

    def __call__(self):
        """Do the job once."""
        for _ in range(self.n_critic):
            self.critic_step()
        self.generator_step()


class CnnStep:
    """One step of Adam on the U-Net."""

    def __init__(self, n_batch):
        self.network, self.adam = u_net(), keras.optimizers.Adam(1e-3)
        self.roll = tf.cast(
            tf.random.uniform((n_batch, 128, 128, 1)) < 0.02, tf.float32
        )

    @tf.function
    def __call__(self):
        """Do the job once."""
        with tf.GradientTape() as tape:
            logits = tf.reshape(self.network(self.roll, training=True), (1, -1))
            wanted = tf.reshape(self.roll, (1, -1)) / tf.reduce_sum(self.roll)
            loss = tf.nn.softmax_cross_entropy_with_logits(wanted, logits)
        weights = self.network.trainable_variables
        found = tape.gradient(loss, weights)
        self.adam.apply_gradients(zip(found, weights, strict=True))


class CnnForward:
    """The network's part of each edit: so many passes over one roll."""

    def __init__(self, n_edits):
        self.network, self.n_edits = u_net(), n_edits
        self.roll = tf.cast(tf.random.uniform((1, 128, 128, 1)) < 0.02, tf.float32)
        self.forward = tf.function(lambda x: self.network(x, training=False))

    def __call__(self):
        """Do the job once."""
        for _ in range(self.n_edits):
            np.asarray(self.forward(self.roll))


def main():
    settings = json.loads(sys.argv[1])
    tf.config.threading.set_intra_op_parallelism_threads(settings["threads"])
    tf.config.threading.set_inter_op_parallelism_threads(1)
    jobs = {
        "gan": Gan(settings["gan_batch"], settings["n_critic"]),
        "cnn step": CnnStep(settings["cnn_batch"]),
        "cnn passes": CnnForward(settings["n_edits"]),
    }
    sizes = {
        "generator": jobs["gan"].generator.count_params(),
        "critic": jobs["gan"].critic.count_params(),
        "u-net": jobs["cnn step"].network.count_params(),
    }
    print(json.dumps({"version": tf.__version__, "sizes": sizes}), flush=True)
    for line in sys.stdin:
        job = jobs[json.loads(line)["job"]]
        begin, cpu = time.perf_counter(), time.process_time()
        job()
        took = time.perf_counter() - begin, time.process_time() - cpu
        print(json.dumps({"seconds": took[0], "cpu": took[1]}), flush=True)


if __name__ == "__main__":
    main()
