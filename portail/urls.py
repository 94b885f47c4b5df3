
app_name = "portail"

urlpatterns: list = []
