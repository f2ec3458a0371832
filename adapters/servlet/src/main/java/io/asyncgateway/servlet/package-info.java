/** Jakarta Servlet applications, over the contract. */
@NullMarked
package io.asyncgateway.servlet;

import org.jspecify.annotations.NullMarked;
