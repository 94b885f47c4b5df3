"""L'admin de Django, avec le site du portail."""

from django.contrib.admin.apps import AdminConfig


class AdminPortailConfig(AdminConfig):
    default_site = "portail.site_admin.SitePortail"
