/// Tests of the statistics of validation, on data whose answers are known.
@NullMarked
package dev.wellspring.validation;

import org.jspecify.annotations.NullMarked;
