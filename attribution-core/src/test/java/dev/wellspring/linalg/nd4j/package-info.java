/// The contract suite on ND4J, and what only that backend promises.
@NullMarked
package dev.wellspring.linalg.nd4j;

import org.jspecify.annotations.NullMarked;
