"""Makes rank-shards, what two ranks write of one state dictionary with torch.distributed.checkpoint:
python make_rank_shards.py (needs torch 2.13 and safetensors 0.8).
"""

import os

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
import torch.multiprocessing as mp
from torch.distributed.checkpoint import HuggingFaceStorageWriter
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import Shard, distribute_tensor


def write(rank):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29517", RANK=str(rank), WORLD_SIZE="2")
    dist.init_process_group("gloo", rank=rank, world_size=2)
    mesh = init_device_mesh("cpu", (2,))
    whole = {
        "albert.pooler.weight": torch.arange(64, dtype=torch.float32).reshape(8, 8),
        "albert.pooler.bias": torch.arange(8, dtype=torch.float32)}
    state = {name: distribute_tensor(value, mesh, [Shard(0)]) for name, value in whole.items()}
    dcp.save(state, storage_writer=HuggingFaceStorageWriter(path="rank-shards", save_distributed=True))
    dist.destroy_process_group()


if __name__ == "__main__":
    mp.spawn(write, nprocs=2)
