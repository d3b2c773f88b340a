/// What is known of language and what is read from the prompt, after Lu et al. (2309.01809): small analogues of
/// their 22 tasks, the same question with and without examples, and lists under a mapping.
@NullMarked
package dev.wellspring.queries.task.language;

import org.jspecify.annotations.NullMarked;
