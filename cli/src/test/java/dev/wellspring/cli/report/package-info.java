/// Tests of reports.
@NullMarked
package dev.wellspring.cli.report;

import org.jspecify.annotations.NullMarked;
