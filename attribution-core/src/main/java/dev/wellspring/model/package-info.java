/// The decoder: from token ids to losses, and back to the gradients of every linear map.
/// [dev.wellspring.model.Decoder] reads top to bottom like the papers; a model family is configuration, not a
/// class.
@NullMarked
package dev.wellspring.model;

import org.jspecify.annotations.NullMarked;
