/// From text to token ids: the model's own tokenizer, documents cut into chunks, queries with an exact boundary
/// between prompt and completion. The only package that knows the tokenizer library (DJL's binding of Hugging
/// Face's).
@NullMarked
package dev.wellspring.queries.token;

import org.jspecify.annotations.NullMarked;
