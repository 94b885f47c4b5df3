
app_name = "appels"

urlpatterns: list = []
