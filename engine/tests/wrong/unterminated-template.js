const text = `one ${1}
