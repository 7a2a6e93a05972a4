// Imported first: the libraries read these when they are loaded.
process.env.NODE_ENV = 'production'
process.env.GRAPHILE_ENV = 'production'
