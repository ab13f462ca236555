print("albert")
