
app_name = "projets"

urlpatterns: list = []
