from django.http import HttpRequest


def menus(request: HttpRequest) -> dict:
    return {}
