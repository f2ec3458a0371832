/** Applications to start from. Each runs with {@code ./async-gateway io.asyncgateway.samples.NAME}. */
@NullMarked
package io.asyncgateway.samples;

import org.jspecify.annotations.NullMarked;
