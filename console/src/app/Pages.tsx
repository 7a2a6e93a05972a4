import { Suspense } from "react";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { CALLBACK, SIGNED_OUT } from "../auth/paths";
import { LoadingList } from "../components/LoadingList";
import { NotFound } from "../components/NotFound";
import { ErrorBoundary } from "./ErrorBoundary";
import { lazyPage, lazyPart } from "./lazyPage";

const Customers = lazyPart(() => import("../pages/customers/Customers"));
const Pool = lazyPage(() => import("../pages/pool/Pool"));
const Alerts = lazyPage(() => import("../pages/alerts/Alerts"));
const Register = lazyPage(() => import("../pages/register/Register"));
const Rules = lazyPage(() => import("../pages/rules/Rules"));
const Team = lazyPage(() => import("../pages/team/Team"));
const Admin = lazyPage(() => import("../pages/admin/Admin"));
const Member = lazyPage(() => import("../pages/member/Member"));
const Customer = lazyPage(() => import("../pages/customer/Customer"));

export function Pages() {
  const { pathname } = useLocation();
  return (
    <ErrorBoundary key={pathname.split("/")[1]}>
      <Suspense fallback={<LoadingList />}>
        <Routes>
          {["/", CALLBACK, SIGNED_OUT].map((path) => (
            <Route key={path} path={path} element={<Navigate to="/customers" replace />} />
          ))}
          <Route path="/customers" element={<Customers />} />
          <Route path="/customer/:id" element={<Customer />} />
          <Route path="/pool/:id?" element={<Pool />} />
          <Route path="/alerts" element={<Alerts />} />
          <Route path="/register" element={<Register />} />
          <Route path="/rules/:poolId?" element={<Rules />} />
          <Route path="/member/:id" element={<Member />} />
          <Route path="/team" element={<Team />} />
          <Route path="/admin/*" element={<Admin />} />
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Suspense>
    </ErrorBoundary>
  );
}
