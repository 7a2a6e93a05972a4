import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, NavLink, Route, Routes } from "react-router";
import { lazyPage } from "../../app/lazyPage";
import { useMe } from "../../app/me";
import { LoadingList } from "../../components/LoadingList";
import { NotFound } from "../../components/NotFound";
import { PageHeader } from "../../components/PageHeader";
import "./admin.css";

const PARTS = [
  { path: "members", admins: true, page: lazyPage(() => import("./members/Members")) },
  { path: "departments", admins: true, page: lazyPage(() => import("./departments/Departments")) },
  { path: "pools", admins: false, page: lazyPage(() => import("./pools/Pools")) },
  { path: "customers", admins: false, page: lazyPage(() => import("./customers/Bulk")) },
  { path: "import", admins: false, page: lazyPage(() => import("./imports/Import")) },
  { path: "calendar", admins: true, page: lazyPage(() => import("./YearCalendar")) },
  { path: "duplicates", admins: true, page: lazyPage(() => import("./Duplicates")) },
  { path: "exports", admins: true, page: lazyPage(() => import("./Exports")) },
  {
    path: "channels",
    admins: true,
    page: lazyPage(() => import("../channels/OrganizationChannels")),
  },
  { path: "webhooks", admins: true, page: lazyPage(() => import("./webhooks/Webhooks")) },
] as const;

/** Administrators of a pool see what concerns their pools. */
export default function Admin() {
  const { t } = useTranslation("admin");
  const { isAdmin, administered } = useMe();
  const parts = PARTS.filter(({ admins }) => isAdmin || (!admins && administered.length > 0));
  const [first] = parts;
  if (!first) return <NotFound />;
  return (
    <>
      <PageHeader title={t("title")} />
      <nav className="admin-parts" aria-label={t("parts")}>
        {parts.map(({ path }) => (
          <NavLink key={path} to={`/admin/${path}`} className="admin-part">
            {t(`part.${path}`)}
          </NavLink>
        ))}
      </nav>
      <Suspense fallback={<LoadingList />}>
        <Routes>
          <Route index element={<Navigate to={first.path} replace />} />
          {parts.map(({ path, page: Page }) => (
            <Route key={path} path={path} element={<Page />} />
          ))}
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Suspense>
    </>
  );
}
