/// English prose without facts: a vocabulary by what words can do, the spelling of their forms, phrases that agree,
/// sentences of many shapes about a topic that continues, and a few registers.
@NullMarked
package dev.wellspring.queries.synthesis.prose;

import org.jspecify.annotations.NullMarked;
