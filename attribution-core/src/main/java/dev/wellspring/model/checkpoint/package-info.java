/// Checkpoints in Hugging Face form: `config.json` beside safetensors files, read by mapping, written whole or not at
/// all.
///
/// The safetensors format, to the byte: 8 bytes little-endian header length N, N bytes of JSON (tensor name to
/// `dtype`, `shape`, `data_offsets`; `__metadata__` to strings), then the tensors, row-major, little-endian, without
/// gaps.
@NullMarked
package dev.wellspring.model.checkpoint;

import org.jspecify.annotations.NullMarked;
