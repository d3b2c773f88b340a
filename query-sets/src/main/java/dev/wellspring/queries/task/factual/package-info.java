/// Facts that are known or not: a table with aliases and strata of how much is written about them, questions in
/// several wordings, and controls that ask the same of an invented fact that the prompt holds. After Ruis et
/// al. (arXiv 2411.12580).
@NullMarked
package dev.wellspring.queries.task.factual;

import org.jspecify.annotations.NullMarked;
