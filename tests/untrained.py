"""Small networks that have learned nothing, for tests of everything around them."""

from dataclasses import replace

import torch

from deepcomposer_edu.models.edit_net import EditNet, EditNetConfig
from deepcomposer_edu.models.melody_network import MelodyNetwork, MelodyRNNConfig
from deepcomposer_edu.models.orderless import OrderlessConfig, OrderlessNet
from deepcomposer_edu.models.transformer import FrameTransformer, TransformerConfig
from deepcomposer_edu.models.weights import save_weights
from deepcomposer_edu.models.wgan import Generator, WGANConfig, critic_of

CONFIG = WGANConfig(hidden_channels=16, critic_channels=16, noise_channels=4)
WITH_GENRES = replace(CONFIG, n_genres=3)
MELODY_RNNS = {
    variant: MelodyRNNConfig(variant, n_units=8, attention_units=4)
    for variant in ("attention", "lookback")
}
TRANSFORMER = TransformerConfig(
    n_channels=8, n_layers=1, n_heads=1, n_distances=16, note_size=4, ahead=2
)
EDIT_EVENTS = EditNetConfig(n_channels=4, n_layers=(0, 0, 1))
ORDERLESS = OrderlessConfig(n_channels=8, n_layers=2, note_size=4)


def write_untrained(folder, seed=0):
    """Write small weights under the names of the shipped ones; return the folder."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        networks = {"generator": Generator(CONFIG), "critic": critic_of(CONFIG)}
        melody_rnns = {name: MelodyNetwork(c) for name, c in MELODY_RNNS.items()}
        transformer = FrameTransformer(TRANSFORMER)
        orderless = OrderlessNet(ORDERLESS)
        edit_events = EditNet(EDIT_EVENTS)
        with_genres = {
            "generator": Generator(WITH_GENRES),
            "critic": critic_of(WITH_GENRES),
        }
    tensors, several = (
        {
            f"{part}.{name}": tensor
            for part, network in parts.items()
            for name, tensor in network.state_dict().items()
        }
        for parts in (networks, with_genres)
    )
    save_weights("wgan-bach", tensors, {"config": CONFIG.to_dict()}, folder)
    save_weights("wgan-genres", several, {"config": WITH_GENRES.to_dict()}, folder)
    for variant, network in melody_rnns.items():
        info = {"kind": "melody-rnn", "config": MELODY_RNNS[variant].to_dict()}
        save_weights(f"melody-rnn-{variant}", network.state_dict(), info, folder)
    info = {"kind": "transformer", "config": TRANSFORMER.to_dict()}
    save_weights("transformer", transformer.state_dict(), info, folder)
    info = {"kind": "ar-cnn", "config": ORDERLESS.to_dict()}
    save_weights("ar-cnn-orderless", orderless.state_dict(), info, folder)
    config = {"variant": "edit-events", **EDIT_EVENTS.to_dict()}
    info = {"kind": "ar-cnn", "config": config}
    save_weights("ar-cnn-events", edit_events.state_dict(), info, folder)
    return folder
