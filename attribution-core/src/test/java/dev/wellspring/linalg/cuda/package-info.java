/// Tests of the CUDA backend: on a GPU where there is one, else on a CUDA of plain C++.
@NullMarked
package dev.wellspring.linalg.cuda;

import org.jspecify.annotations.NullMarked;
