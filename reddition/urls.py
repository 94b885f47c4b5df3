
app_name = "reddition"

urlpatterns: list = []
