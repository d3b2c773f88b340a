/// Tests of baselines and of how rankings are compared.
@NullMarked
package dev.wellspring.analysis;

import org.jspecify.annotations.NullMarked;
