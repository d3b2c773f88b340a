/// What is asked: queries, the completions whose documents are looked for. Reading documents is in
/// [dev.wellspring.queries.corpus], token ids in [dev.wellspring.queries.token].
@NullMarked
package dev.wellspring.queries;

import org.jspecify.annotations.NullMarked;
