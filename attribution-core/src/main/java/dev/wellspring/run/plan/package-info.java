/// What a whole attribution would take, from a model's shapes alone: memory, operations, bytes, hours.
@NullMarked
package dev.wellspring.run.plan;

import org.jspecify.annotations.NullMarked;
