# Forwards to ./dev, which is the entry point: see ./dev --help.
.PHONY: run test check bench fault clean
run test check fault clean:
	@./dev $@ $(ARGS)
bench:
	@./dev bench $(NAME) $(ARGS)
