// Renders the document that this gateway serves; asks no other host.
window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#document',
  deepLinking: true,
  validatorUrl: null,
});
