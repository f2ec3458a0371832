/** The contract between a server and an application. */
@NullMarked
package io.asyncgateway.api;

import org.jspecify.annotations.NullMarked;
