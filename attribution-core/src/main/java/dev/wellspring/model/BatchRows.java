package dev.wellspring.model;

import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;

/// The batch at work, on the backend.
///
/// @param count R
/// @param segments its documents
/// @param positions INT32 (R)
record BatchRows(int count, Segments segments, Tensor positions) {}
