/// Influence: what a query block says about a document, and where the answer goes.
@NullMarked
package dev.wellspring.influence;

import org.jspecify.annotations.NullMarked;
