package io.asyncgateway.servlet;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A servlet that is one function. */
class TestServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** What it does; may throw anything. */
    interface Work {
        void service(HttpServletRequest request, HttpServletResponse response) throws Exception;
    }

    private final transient Work work;

    TestServlet(Work work) {
        this.work = work;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        try {
            work.service(request, response);
        } catch (ServletException | IOException | RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new ServletException(failure);
        }
    }
}
